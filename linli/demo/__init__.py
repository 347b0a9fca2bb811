"""An invented county, generated; never real people."""

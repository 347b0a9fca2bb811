"""What a page costs, beside a floor measured in the same run."""

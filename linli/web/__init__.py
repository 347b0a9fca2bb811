"""How pages are answered: rendering, doors, security headers, languages. No models."""

"""Where evidence may be: queries for a claim, sources to put them to, candidates that come back."""

"""What an article claims: sentences to claims with their speakers, dates, places and links."""

"""What the evidence says: statements of pages, their stance to a claim, their origins, the verdict."""

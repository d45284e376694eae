"""`lienthong records`, and `search` in our own catalogue: single records, their way, and what they are made of."""

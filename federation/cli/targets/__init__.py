"""`lienthong targets`, and `search --target`: catalogues of others, registered, asked, and taken from."""

"""The search index: what a document is made of, what any engine must do, and the engines."""

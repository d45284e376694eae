"""The record room: the page of one publication, and the files it can be taken away as."""

"""The members' room: a page for each library, which is all the website a small one needs, and the list of them."""

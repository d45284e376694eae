"""`lienthong serve`: each door and the scheduler as a process, and the one that watches over them."""

"""`lienthong harvest`: runs as an operator starts, reads, queues and stops them, and the records that went missing."""

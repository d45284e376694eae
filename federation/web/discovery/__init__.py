"""The discovery room: what machines that look around find here."""

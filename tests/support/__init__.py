"""What several tests need: peers, databases, fake and hostile sources, records to build with."""

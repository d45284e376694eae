"""Runs: how the harvest of a source goes, from the question whether it may begin to what is concluded from it and told
of it.

In: a source, and an `order`. Out: raw records, their withdrawal where they are gone, a row of the history, notices.
What an operator decides about a source afterwards is a run, too (`decision`). A run keeps bytes; where it has to know
what a record says (`losses`), it asks the stages below.
"""

"""When sources are harvested: schedules and the queue turned into calls of the pipeline, and nothing else."""

"""What was done, by whom, about whose data: written once, chained, and readable by those it concerns."""

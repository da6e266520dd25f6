"""From answers to what is shown: the page models that the web, the reports and the command line share."""

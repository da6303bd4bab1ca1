"""What is known of the models: a file for each family, what vision models are asked, how replies are read. Pure."""

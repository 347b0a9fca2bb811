"""What can be done with a ballot."""

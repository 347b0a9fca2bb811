"""What people write on the pages of a ballot."""

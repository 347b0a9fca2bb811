"""The least Python that could do it; see `application`."""

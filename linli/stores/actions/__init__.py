"""What is done at a station: every act is one movement that stays."""

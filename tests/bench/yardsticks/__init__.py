"""Programs that kehu is measured against."""

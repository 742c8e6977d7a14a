"""kehu (客户): a customer desk in a terminal."""

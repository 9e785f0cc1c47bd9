"""What is known about Arabic and English, then Russian, Persian and French: letters to names."""

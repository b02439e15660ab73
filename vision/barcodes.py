"""QR codes and barcodes in a picture."""

"""The demonstration: three invented member libraries with real books, made, served and harvested on one machine."""

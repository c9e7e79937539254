module gocsv

go 1.19

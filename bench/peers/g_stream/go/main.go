package main

// gocsv FILE: rows and fields by encoding/csv
import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"runtime"
)

func main() {
	runtime.GOMAXPROCS(1)
	f, e := os.Open(os.Args[1])
	if e != nil {
		panic(e)
	}
	r := csv.NewReader(bufio.NewReaderSize(f, 1<<20))
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	rows, n := 0, 0
	for {
		x, e := r.Read()
		if e == io.EOF {
			break
		}
		if e != nil {
			panic(e)
		}
		rows++
		n += len(x)
	}
	fmt.Println(rows, n)
}

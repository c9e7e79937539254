// A bill by Go's HTTP client. usage: peer URL plain|gzip [FILE]      without FILE the bytes are only counted
package main

import (
	"bufio"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
)

func must(failure error) {
	if failure != nil {
		panic(failure)
	}
}

func main() {
	runtime.GOMAXPROCS(1)
	client := &http.Client{Transport: &http.Transport{
		DisableCompression: true,
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: true},
		ReadBufferSize:     64 << 10,
	}}
	response, failure := client.Post(os.Args[1], "text/xml", strings.NewReader("<xml></xml>"))
	must(failure)
	var body io.Reader = response.Body
	if os.Args[2] == "gzip" {
		body, failure = gzip.NewReader(bufio.NewReaderSize(response.Body, 64<<10))
		must(failure)
	}
	var out io.Writer = struct{ io.Writer }{io.Discard}
	if len(os.Args) > 3 {
		file, failure := os.Create(os.Args[3])
		must(failure)
		defer func() { must(file.Sync()) }()
		out = struct{ io.Writer }{file}
	}
	count, failure := io.CopyBuffer(out, body, make([]byte, 256<<10))
	must(failure)
	fmt.Println(count)
}

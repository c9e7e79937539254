// Requests per second of Go's HTTP client. usage: peer URL IN_FLIGHT SECONDS
package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func processorMicroseconds() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Sec+usage.Stime.Sec)*1e6 + float64(usage.Utime.Usec+usage.Stime.Usec)
}

func run(client *http.Client, url string, inFlight int, length time.Duration) int64 {
	body := bytes.Repeat([]byte("x"), 700)
	end := time.Now().Add(length)
	var answers int64
	var all sync.WaitGroup
	for i := 0; i < inFlight; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for time.Now().Before(end) {
				response, failure := client.Post(url, "text/xml", bytes.NewReader(body))
				if failure != nil {
					panic(failure)
				}
				text, _ := io.ReadAll(response.Body)
				response.Body.Close()
				if len(text) < 400 {
					panic("an unexpected answer")
				}
				atomic.AddInt64(&answers, 1)
			}
		}()
	}
	all.Wait()
	return answers
}

func main() {
	runtime.GOMAXPROCS(1)
	inFlight, _ := strconv.Atoi(os.Args[2])
	seconds, _ := strconv.ParseFloat(os.Args[3], 64)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true},
		MaxIdleConnsPerHost: 1000,
	}}
	run(client, os.Args[1], inFlight, 500*time.Millisecond)
	begin, used := time.Now(), processorMicroseconds()
	answers := float64(run(client, os.Args[1], inFlight, time.Duration(seconds*float64(time.Second))))
	elapsed := time.Since(begin).Seconds()
	fmt.Printf("%.0f %.1f\n", answers/elapsed, (processorMicroseconds()-used)/answers)
}

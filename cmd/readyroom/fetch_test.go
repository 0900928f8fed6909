package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// freeAddress is an address that nobody listened on a moment ago.
func freeAddress(t testing.TB) string {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// fetch gets a page, waiting for a server that is about to begin.
func fetch(url string, code int) (body []byte, err error) {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var got int
		if body, got, err = fetchOnce(url); err == nil && got == code {
			return body, nil
		}
		if err == nil {
			err = fmt.Errorf("%s answers %d, not %d: %s", url, got, code, body)
		}
	}
	return body, err
}

func fetchOnce(url string) ([]byte, int, error) {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(url) //nolint:noctx // it has a timeout
	if err != nil {
		return nil, 0, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return body, answer.StatusCode, err
}

func fetchCmd(ts *testscript.TestScript, _ bool, args []string) {
	var code int
	_, err := fmt.Sscan(args[0], &code)
	ts.Check(err)
	body, err := fetch("http://"+ts.Getenv("ADDR")+args[1], code)
	ts.Check(err)
	_, err = ts.Stdout().Write(body)
	ts.Check(err)
}

func maskCmd(ts *testscript.TestScript, _ bool, args []string) {
	text := regexp.MustCompile("(?m)"+args[1]).ReplaceAllLiteralString(ts.ReadFile(args[0]), args[2])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

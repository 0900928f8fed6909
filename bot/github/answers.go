package github

import (
	"container/list"
	"net/http"
	"sync"
)

// How much is kept of what GitHub answered, and of one answer.
const (
	maxKept    = 32 << 20
	maxKeptOne = 4 << 20
)

// answers keeps what GitHub answered reads, by address and token, so that asking again costs nothing while nothing
// changed: GitHub counts no "304 not modified". The least used ones go first.
type answers struct {
	mu   sync.Mutex
	of   map[string]*list.Element
	used list.List // of *answer, the last used one first
	size int
}

type answer struct {
	key, tag string
	body     []byte
	links    []string
}

func newAnswers() *answers { return &answers{of: map[string]*list.Element{}} }

func keyOf(who string, r *http.Request) string {
	return who + "\n" + r.Header.Get("Accept") + "\n" + r.URL.String()
}

// ask makes a read conditional where an answer to it is known, and gives that.
func (a *answers) ask(who string, r *http.Request) *answer {
	if r.Method != http.MethodGet {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	at := a.of[keyOf(who, r)]
	if at == nil {
		return nil
	}
	a.used.MoveToFront(at)
	known := at.Value.(*answer)
	r.Header.Set("If-None-Match", known.tag)
	return known
}

// keep keeps an answer that has a tag.
func (a *answers) keep(who string, r *http.Request, status int, header http.Header, body []byte) {
	tag := header.Get("ETag")
	if r.Method != http.MethodGet || status != http.StatusOK || tag == "" || len(body) > maxKeptOne {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := keyOf(who, r)
	if old := a.of[key]; old != nil {
		a.drop(old)
	}
	a.of[key] = a.used.PushFront(&answer{key: key, tag: tag, body: body, links: header.Values("Link")})
	for a.size += len(body); a.size > maxKept; {
		a.drop(a.used.Back())
	}
}

func (a *answers) drop(at *list.Element) {
	old := a.used.Remove(at).(*answer)
	delete(a.of, old.key)
	a.size -= len(old.body)
}

// heads are the headers of the answer that is kept: with its links to other pages, and what a newer one says of the pace.
func (k *answer) heads(newer http.Header) http.Header {
	h := newer.Clone()
	h.Del("Link")
	for _, link := range k.links {
		h.Add("Link", link)
	}
	h.Set("ETag", k.tag)
	h.Set("Content-Type", "application/json")
	return h
}

package discord

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// TestListenCanaries: of what comes in and is answered, now or later, whatever answers in Discord's place and whatever it
// repeats, no token gets into a log, an answer, or what the handler is asked. Whoever has an interaction's can answer it.
func TestListenCanaries(t *testing.T) {
	for name, way := range map[string]func(said string) (int, string){
		"no connection": func(string) (int, string) { return -1, "" },
		"an error page": func(said string) (int, string) { return 500, said },
		"not found":     func(said string) (int, string) { return 404, `{"code":10015,"message":"` + said + `"}` },
		"no such token": func(said string) (int, string) { return 401, `{"code":50027,"message":"` + said + `"}` },
		"a form error": func(said string) (int, string) {
			return 400, `{"code":50035,"message":"` + said + `","errors":{"` + said + `":{"_errors":[{"code":"` + said + `","message":"` + said + `"}]}}}`
		},
		"later": func(said string) (int, string) { return 429, `{"code":0,"message":"` + said + `","retry_after":0.5}` },
		"an odd yes": func(said string) (int, string) {
			return 200, `{"id":"` + said + `","user":{"id":"` + said + `"},"channel_id":"` + said + `"}`
		},
		"a yes of noise": func(said string) (int, string) { return 200, said },
		"a redirect":     func(said string) (int, string) { return 302, said },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEar(t)
				e.api.scripted(func(c call) (int, string) {
					return way(strings.NewReplacer(`"`, "", `\`, "").Replace("bot-canary " + c.String() + " " + c.body))
				})
				var n atomic.Int64
				e.inbox.answers(func(context.Context, chat.Request) chat.Reply {
					if n.Add(1)%2 == 0 {
						time.Sleep(20 * time.Second)
					}
					r := long(100)
					r.Files = []chat.File{{Name: "audit.jsonl", Data: []byte("x")}}
					return r
				})
				for range 2 {
					for _, o := range genuine() {
						e.does(t, o) // looks at the answer
					}
				}
				for i, text := range []string{named + "check", named + "audit export"} {
					e.says(t, with(wrote(anaUser, text), object{"id": fmt.Sprint(800000000000000010 + i)}))
				}
				e.settles(t)
				all := fmt.Sprintf("%+v %+v %s", e.inbox.all(), e.board.posts, e.log.String())
				if i := strings.Index(all, "canary"); i >= 0 {
					t.Errorf("…%s…", all[max(0, i-200):min(len(all), i+50)])
				}
				if len(e.inbox.all()) == 0 || len(e.api.all()) == 0 {
					t.Error("nothing was done")
				}
			})
		})
	}
}

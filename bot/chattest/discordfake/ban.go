package discordfake

import "net/http"

// turnedAway answers whoever made too many invalid calls, as Cloudflare does.
func (f *Fake) turnedAway(w http.ResponseWriter, c *Call) bool {
	f.mu.Lock()
	banned := c.At.Before(f.meter.banned)
	if banned {
		c.Status = http.StatusTooManyRequests
	}
	f.mu.Unlock()
	if banned {
		f.dated(w)
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		w.Header().Set("Server", "cloudflare")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(cloudflare))
	}
	return banned
}

const cloudflare = `<!DOCTYPE html><title>Access denied | discord.com used Cloudflare to restrict access</title>` +
	`<h1>Error 1015</h1><h2>You are being rate limited</h2>`

// Invalid is how many calls were ever answered with 401, 403, or a 429 that was not shared: those that lead to a ban.
func (f *Fake) Invalid() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.meter.total
}

// Banned reports whether every call is turned away now.
func (f *Fake) Banned() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.o.Now().Before(f.meter.banned)
}

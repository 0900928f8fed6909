package desk

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/storagetest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
)

func (r *house) audit(id workflows.ReleaseID) (evidence.Bundle, ledger.Outside, error) {
	return r.Audit(context.Background(), workflows.Selectors{Release: string(id)}, "", r.now)
}

// keeping makes the desk believe that a tip is kept beside the database.
func (r *house) keeping(tip ledger.Tip, err error) {
	r.Helper()
	cfg := r.cfg
	cfg.Kept = func() (ledger.Tip, error) { return tip, err }
	ok(r, r.Reload(context.Background(), cfg, r.now))
}

// TestAudit proves a release against the ledger, the kept tip and all that were published, and says what was verified.
func TestAudit(t *testing.T) {
	h := newHouse(t)
	h.opened("shop@1.0")
	h.must(h.ask("ana", "", ledger.Anchor{Channel: "#audit"})) // before the release began
	h.opened("app@1.0")
	h.must(h.ask("ana", "", ledger.Anchor{Channel: "#audit"}))
	h.keeping(h.tip(0), nil)
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests"}}))
	last := ledger.Verification{At: monday.Add(-time.Hour), OK: true, Tip: h.tip(3)}
	ok(t, h.Verified(context.Background(), ledger.Verification{At: monday.Add(-time.Minute)}))
	ok(t, h.Verified(context.Background(), last))
	var b evidence.Bundle
	var out ledger.Outside
	h.unchanged("an audit", func() {
		var err error
		b, out, err = h.audit("app@1.0")
		ok(t, err)
	})
	if b.Tip != h.tip(0) || b.Release != "app@1.0" || len(b.Older) != 3 || out.Kept.Size == 0 || len(out.Published) != 2 || out.Published[0].Event != 4 {
		t.Errorf("%+v, older %+v, outside %+v", b.Heading, b.Older, out)
	}
	if diff := cmp.Diff(last, out.Verified); diff != "" {
		t.Error(diff)
	}
	h.restart()
	if _, again, err := h.audit("app@1.0"); err != nil || !cmp.Equal(again.Published, out.Published) || again.Verified != last {
		t.Errorf("after a restart: %+v, %v", again, err)
	}
}

// TestAuditReadsTheKeptTipFirst: what is committed while the two are read is no contradiction.
func TestAuditReadsTheKeptTipFirst(t *testing.T) {
	h := newHouse(t)
	h.opened("app@1.0")
	cfg := h.cfg
	cfg.Kept = func() (ledger.Tip, error) {
		h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests"}}))
		return h.tip(0), nil
	}
	ok(t, h.Reload(context.Background(), cfg, h.now))
	if _, _, err := h.audit("app@1.0"); err != nil {
		t.Error(err)
	}
}

// TestAuditContradicted: every tip from outside counts, and one that does not fit is said so.
func TestAuditContradicted(t *testing.T) {
	for name, x := range map[string]struct {
		kept func(*house) ledger.Tip
		want workflows.Reason
	}{
		"another past":     {func(h *house) ledger.Tip { tip := h.tip(2); tip.Hash[7] ^= 1; return tip }, notContinued},
		"another ledger":   {func(h *house) ledger.Tip { tip := h.tip(2); tip.Instance = "0123"; return tip }, notContinued},
		"it went backward": {func(h *house) ledger.Tip { tip := h.tip(0); tip.Size++; return tip }, notContinued},
	} {
		h := newHouse(t)
		h.opened("app@1.0")
		h.keeping(x.kept(h), nil)
		if _, _, err := h.audit("app@1.0"); refusalOf(err) == nil || refusalOf(err).Reason != x.want || len(refusalOf(err).Next) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	h := newHouse(t)
	h.opened("app@1.0")
	h.keeping(ledger.Tip{}, errors.New("open /srv/readyroom/tip: no such file"))
	if _, _, err := h.audit("app@1.0"); refusalOf(err) == nil || refusalOf(err).Reason != notWhole {
		t.Errorf("without the kept tip: %v", err)
	}
	h.keeping(ledger.Tip{}, nil)
	if _, _, err := h.audit("app@9"); refusalOf(err) == nil || refusalOf(err).Reason != workflows.UnknownRelease {
		t.Errorf("of no release: %v", err)
	}
	wrong := h.tip(2)
	wrong.Hash[0] ^= 1
	ok(t, h.store.Update(context.Background(), func(tx *storage.Tx) error {
		return (&session{tx: tx}).listAnchor(workflows.Recorded{Header: workflows.Header{Seq: 3}, Event: ledger.Anchored{Size: 2, Hash: wrong.Hash, Place: "chat/#audit"}})
	}))
	if _, _, err := h.audit("app@1.0"); refusalOf(err) == nil || refusalOf(err).Reason != notContinued {
		t.Errorf("against a published tip: %v", err)
	}
}

// TestAuditOfADamagedRecord changes each byte of one event in turn: none is told as whole, and none is told as a mere
// fault.
func TestAuditOfADamagedRecord(t *testing.T) {
	h := newHouse(t)
	h.opened("app@1.0")
	key, frame := lastEvent(t, h.engine)
	for i := range frame {
		bad := append([]byte(nil), frame...)
		bad[i] ^= 0x10
		ok(t, h.engine.Update(context.Background(), func(w storage.Writer) error { return w.Put(key, bad) }))
		h.cache = newCache(cacheBytes)
		if _, _, err := h.audit("app@1.0"); refusalOf(err) == nil || refusalOf(err).Reason != notWhole {
			t.Fatalf("byte %d: %v", i, err)
		}
		h.refuses(h.ask("ana", "app@1.0", release.Sign{Items: []string{"way-back"}}), StoreDamaged) // whoever met it, all stop
		ok(t, h.engine.Update(context.Background(), func(w storage.Writer) error { return w.Put(key, frame) }))
		h.restart()
	}
	if _, _, err := h.audit("app@1.0"); err != nil {
		t.Error(err)
	}
}

// lastEvent is the record of the ledger's last event, as the engine holds it.
func lastEvent(t *testing.T, e *storagetest.Faulty) (key, frame []byte) {
	t.Helper()
	ok(t, e.View(context.Background(), func(r storage.Reader) error {
		return r.Scan(storage.Range{}, func(k, v []byte) (bool, error) {
			if k[0] == 'e' {
				key, frame = append([]byte(nil), k...), append([]byte(nil), v...)
			}
			return true, nil
		})
	}))
	if key == nil {
		t.Fatal("there is no event")
	}
	return key, frame
}

// TestVerifiedOfAPoisonedStore says so instead of forgetting it.
func TestVerifiedOfAPoisonedStore(t *testing.T) {
	d := New(storage.Shut(errors.New("gone")), nowhere{}, testConfig(testBook()))
	if err := d.Verified(context.Background(), ledger.Verification{At: monday}); refusalOf(err) == nil {
		t.Error(err)
	}
	if _, _, err := d.Audit(context.Background(), workflows.Selectors{}, "", monday); refusalOf(err) == nil || refusalOf(err).Reason != StoreClosed {
		t.Error(err)
	}
}

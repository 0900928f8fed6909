package web

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the bot's numbers. Labels hold words of the program alone: platforms, results, reasons.
type Metrics struct {
	registry   *prometheus.Registry
	deliveries *prometheus.CounterVec
	requests   *prometheus.CounterVec
	reloads    *prometheus.CounterVec
	commits    prometheus.Histogram
}

// Build says which program runs.
type Build struct{ Version, Revision, Go string }

// NewMetrics makes metrics that have counted nothing yet.
func NewMetrics(b Build) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "readyroom_deliveries_total",
			Help: "Attempts to deliver, by platform and how they ended."}, []string{"platform", "result"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "readyroom_requests_total",
			Help: "Lines answered, by result (done, refused, fault) and reason code."}, []string{"result", "reason"}),
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "readyroom_configuration_reloads_total",
			Help: "Reloads of the configuration, by result (ok, failed)."}, []string{"result"}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "readyroom_commit_seconds",
			Help: "How long a commit took to be durable.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14)}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "readyroom_build_info", Help: "The program that runs; always 1.",
		ConstLabels: prometheus.Labels{"version": b.Version, "revision": b.Revision, "goversion": b.Go}})
	build.Set(1)
	for _, result := range []string{"ok", "failed"} {
		m.reloads.WithLabelValues(result)
	}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		build, m.deliveries, m.requests, m.reloads, m.commits)
	return m
}

// Delivered counts an attempt to deliver.
func (m *Metrics) Delivered(platform, result string) {
	m.deliveries.WithLabelValues(platform, result).Inc()
}

// Answered counts a line that was answered; the reason is that of a refusal.
func (m *Metrics) Answered(result, reason string) { m.requests.WithLabelValues(result, reason).Inc() }

// Unheard adds the requests of a chat that were not carried out, by why; read gives them whenever somebody asks for the
// metrics, always with the same words.
func (m *Metrics) Unheard(platform string, read func() map[string]int) {
	for why := range read() {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "readyroom_unheard_requests_total",
			Help:        "Requests of chats that were not carried out, by platform and why.",
			ConstLabels: prometheus.Labels{"platform": platform, "why": why}}, func() float64 { return float64(read()[why]) }))
	}
}

// Committed notes how long a commit took.
func (m *Metrics) Committed(d time.Duration) { m.commits.Observe(d.Seconds()) }

// Reloaded counts a reload of the configuration.
func (m *Metrics) Reloaded(ok bool) {
	result := "failed"
	if ok {
		result = "ok"
	}
	m.reloads.WithLabelValues(result).Inc()
}

// Numbers are those that are read when somebody asks for them.
type Numbers struct {
	Readable  bool // the store could be read: without it, what is in the store is left out
	Ledger    uint64
	Due       int
	OldestDue time.Duration
	Waiting   int // for a human
	Parked    int // places that take nothing until somebody mends them there

	Poisoned, FlagsStale bool
	Verified             time.Time // the last verification's end; zero: none yet
	Whole                bool      // what it found
	BackedUp             time.Time // the last backup's end; zero: none yet
}

// Watch adds numbers that are read whenever somebody asks for the metrics.
func (m *Metrics) Watch(read func() Numbers) { m.registry.MustRegister(gauges{read}) }

// handler shows the metrics, to a few at a time.
func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// gauge is one of the numbers; ok is false when nobody can say it.
type gauge struct {
	desc  *prometheus.Desc
	value func(Numbers) (v float64, ok bool)
}

func newGauge(name, help string, value func(Numbers) (float64, bool)) gauge {
	return gauge{prometheus.NewDesc(name, help, nil, nil), value}
}

var allGauges = []gauge{
	newGauge("readyroom_ledger_events", "Events in the ledger.", func(n Numbers) (float64, bool) { return float64(n.Ledger), n.Readable }),
	newGauge("readyroom_queue_due", "Deliveries that are due and not made yet.", func(n Numbers) (float64, bool) { return float64(n.Due), n.Readable }),
	newGauge("readyroom_queue_oldest_seconds", "How long the oldest of them has been due.", func(n Numbers) (float64, bool) { return n.OldestDue.Seconds(), n.Readable }),
	newGauge("readyroom_waiting_for_human", "Deliveries that wait for a human.", func(n Numbers) (float64, bool) { return float64(n.Waiting), n.Readable }),
	newGauge("readyroom_places_parked", "Places that take nothing until somebody mends them there.", func(n Numbers) (float64, bool) { return float64(n.Parked), n.Readable }),
	newGauge("readyroom_store_poisoned", "1 once the outcome of a commit was unknown, or when the store could not be opened.", truth(func(n Numbers) bool { return n.Poisoned })),
	newGauge("readyroom_flags_stale", "1 while flags are served from the last good set.", truth(func(n Numbers) bool { return n.FlagsStale })),
	newGauge("readyroom_verified_timestamp_seconds", "When the record was verified last.", when(func(n Numbers) time.Time { return n.Verified })),
	newGauge("readyroom_verified_ok", "1 if the last verification found the record whole.", func(n Numbers) (float64, bool) { return one(n.Whole), !n.Verified.IsZero() }),
	newGauge("readyroom_backup_timestamp_seconds", "When the last backup was made.", when(func(n Numbers) time.Time { return n.BackedUp })),
}

func truth(of func(Numbers) bool) func(Numbers) (float64, bool) {
	return func(n Numbers) (float64, bool) { return one(of(n)), true }
}

func when(of func(Numbers) time.Time) func(Numbers) (float64, bool) {
	return func(n Numbers) (float64, bool) {
		at := of(n)
		return float64(at.UnixMilli()) / 1000, !at.IsZero()
	}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// gauges is what a registry asks for the numbers.
type gauges struct{ read func() Numbers }

// Describe is the registry's.
func (g gauges) Describe(to chan<- *prometheus.Desc) {
	for _, one := range allGauges {
		to <- one.desc
	}
}

// Collect is the registry's.
func (g gauges) Collect(to chan<- prometheus.Metric) {
	n := g.read()
	for _, one := range allGauges {
		if v, ok := one.value(n); ok {
			to <- prometheus.MustNewConstMetric(one.desc, prometheus.GaugeValue, v)
		}
	}
}

package dst

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// record is what a roll did, in its order.
type record struct {
	began  time.Time
	trace  *world.Trace
	sent   int    // calls
	calls  []wire // that were answered
	looks  []look // what it decided, and when
	done   []roll.Action
	made   []roll.Made
	killed bool
}

// wire is a call that the roll made.
type wire struct {
	at        time.Time
	service   string
	operation string
	in        string // what was asked, as JSON
	code      string // what it was refused with; empty: it was not
}

// look is a decision.
type look struct {
	at time.Time
	roll.Decision
}

// way notes what the roll asks AWS for, lets things go wrong before it, and looks whether all is as it must be.
func (r *rota) way(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(req *http.Request) (*http.Response, error) {
		if r.killed {
			return nil, errCut
		}
		n := r.sent
		r.sent++
		if r.ahead != nil {
			if err := r.ahead(operationOf(req), n); err != nil {
				return nil, err
			}
		}
		r.watch()
		from := len(r.trace.Entries)
		resp, err := next.RoundTrip(req)
		r.note(r.trace.Entries[from:])
		r.trace.Entries = r.trace.Entries[:0]
		return resp, err
	})
}

// note keeps the calls among what happened.
func (r *rota) note(some []world.Entry) {
	for _, e := range some {
		if e.What != "call" {
			continue
		}
		service, name, _ := strings.Cut(e.Name, ".")
		c := wire{e.At, service, name, e.Detail, e.Subject}
		r.calls = append(r.calls, c)
		r.judges(c)
	}
}

// wrote are the calls that changed something, but for those of the lease and the memory.
func (r *rota) wrote() (out []wire) {
	for _, c := range r.calls {
		if c.code == "" && c.service != "s3" && !world.Reads(c.operation) {
			out = append(out, c)
		}
	}
	return out
}

// called are the calls of an operation that were not refused.
func (r *rota) called(operation string) (out []wire) {
	for _, c := range r.calls {
		if c.code == "" && c.operation == operation {
			out = append(out, c)
		}
	}
	return out
}

// about are those of some calls in which something is named.
func about(some []wire, what string) []wire {
	return slices.DeleteFunc(slices.Clone(some), func(c wire) bool { return !strings.Contains(c.in, what) })
}

// drains are the calls that set instances to DRAINING.
func (r *rota) drains() []wire {
	return about(r.called("UpdateContainerInstancesState"), `"DRAINING"`)
}

// revives are the calls that set instances to ACTIVE.
func (r *rota) revives() []wire { return about(r.called("UpdateContainerInstancesState"), `"ACTIVE"`) }

// launched are the instances that the roll launched.
func (r *rota) launched() (out []string) {
	for i, a := range r.done {
		if a.Verb != roll.LaunchNew {
			continue
		}
		for _, id := range r.made[i].Instances {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// sequence are operations in their order, with how often each was called one after the other.
func sequence(some []wire) string {
	var b strings.Builder
	for i := 0; i < len(some); {
		n := 1
		for i+n < len(some) && some[i+n].operation == some[i].operation {
			n++
		}
		fmt.Fprintf(&b, " %s×%d", some[i].operation, n)
		i += n
	}
	return b.String()
}

// member is a member of what was asked.
func (c wire) member(name string) any {
	var all map[string]any
	_ = json.Unmarshal([]byte(c.in), &all) // it was made of JSON
	return all[name]
}

// rates are the most calls that the roll made of some operations in any stretch of time.
func (r *rota) rate(which func(wire) bool, stretch time.Duration) int {
	var at []time.Time
	most := 0
	for _, c := range r.calls {
		if !which(c) {
			continue
		}
		at = append(at, c.at)
		for c.at.Sub(at[0]) >= stretch {
			at = at[1:]
		}
		most = max(most, len(at))
	}
	return most
}

// wording is all that a decision says.
func wording(d roll.Decision) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, %s\n", d.Outcome, d.Memory.Stage, d.Memory.End)
	for _, why := range d.Memory.Why {
		fmt.Fprintf(&b, "  because %s\n", why)
	}
	if d.Memory.Fix != "" {
		fmt.Fprintf(&b, "  fix: %s\n", d.Memory.Fix)
	}
	for _, l := range d.Why {
		fmt.Fprintf(&b, "  %s: %s\n", l.Subject, l.Text)
	}
	for _, o := range d.Memory.Olds {
		fmt.Fprintf(&b, "  old %s %s %s: %s\n", o.ID, o.Zone, o.State, o.Why)
	}
	for _, n := range d.Memory.News {
		fmt.Fprintf(&b, "  new %s %s %s: %s\n", n.ID, n.Zone, n.State, n.Why)
	}
	return b.String()
}

// said tells whether any decision of the run said something.
func (r *rota) said(what string) bool {
	return slices.ContainsFunc(r.looks, func(l look) bool { return strings.Contains(wording(l.Decision), what) })
}

// story is the course of a run, for people who read a failed test: what it said that it had not just said, and what it wrote.
func (r *rota) story() string {
	var b strings.Builder
	last, n := "", 0
	all := r.wrote()
	writes := func(until time.Time) {
		for ; n < len(all) && all[n].at.Before(until); n++ {
			fmt.Fprintf(&b, "%8s    %s %s\n", all[n].at.Sub(r.began).Round(time.Second), all[n].operation, all[n].in)
		}
	}
	for _, l := range r.looks {
		writes(l.at)
		said := wording(l.Decision)
		for line := range strings.Lines(said) {
			if plain := countdown.ReplaceAllString(line, "…"); !strings.Contains(last, plain) {
				fmt.Fprintf(&b, "%8s %s", l.at.Sub(r.began).Round(time.Second), line)
			}
		}
		last = countdown.ReplaceAllString(said, "…")
	}
	writes(r.Sim.Now().Add(time.Second))
	return b.String()
}

// countdown is a time that is another one at every look.
var countdown = regexp.MustCompile(`[0-9]+m?[0-9]*s`)

// operationOf is the operation that a request asks for.
func operationOf(req *http.Request) string {
	if _, name, known := strings.Cut(req.Header.Get("X-Amz-Target"), "."); known {
		return name
	}
	if req.Body == nil || !strings.Contains(req.Header.Get("Content-Type"), "form") {
		_, key, _ := strings.Cut(req.URL.Path, "lease/")
		return req.Method + " " + key
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return ""
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	return form.Get("Action")
}

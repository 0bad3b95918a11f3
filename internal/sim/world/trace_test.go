package world

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestTracePrintsOneLinePerEntry(t *testing.T) {
	w, _ := heard("ec2.nat-settled")
	trace := &Trace{}
	w.Attach(w.handlers, trace)
	w.Schedule(w.Draw("ec2.nat-create", "nat-1", Span{Mean: time.Minute}), Event{Kind: "ec2.nat-settled", ID: "nat-1", Arg: "x"})
	trace.Call(w.Now(), "ec2.CreateNatGateway", `{"SubnetId":"subnet-1"}`, "")
	w.Advance(time.Hour)
	var out strings.Builder
	if err := trace.Print(&out); err != nil {
		t.Fatal(err)
	}
	want := `2026-11-02T09:00:00Z draw  ec2.nat-create nat-1  1m0s
2026-11-02T09:00:00Z call  ec2.CreateNatGateway  {"SubnetId":"subnet-1"} 0s
2026-11-02T09:01:00Z event ec2.nat-settled nat-1 x 0s
`
	if out.String() != want {
		t.Errorf("printed\n%swant\n%s", out.String(), want)
	}
	full := errors.New("disk full")
	if err := trace.Print(broken{full}); !errors.Is(err, full) {
		t.Errorf("Print = %v, want %v", err, full)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

func TestNoTraceCollectsNothing(t *testing.T) {
	var trace *Trace
	trace.Call(Epoch(), "ec2.CreateVpc", "", "")
	trace.draw(Epoch(), "x", "y", time.Second)
	trace.event(Event{})
	var out strings.Builder
	if err := trace.Print(&out); err != nil || out.Len() > 0 {
		t.Errorf("Print = %q, %v", out.String(), err)
	}
	if chain := trace.LongestChain(Epoch()); len(chain) > 0 {
		t.Errorf("a chain out of nothing: %v", chain)
	}
}

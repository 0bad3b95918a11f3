package dst

import "testing"

func TestFirst(t *testing.T) {
	c := Load(t, small)
	r := NewRig(1)
	tr := r.Sim.Record()
	err := r.Apply(c)
	calls := map[string]int{}
	for _, e := range tr.Entries {
		if e.What == "call" {
			calls[e.Name+" "+e.Subject]++
		}
	}
	t.Log(len(calls), calls)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(r.Sim.Now())
	r.Agrees(t, c, "again")
	if err := r.Destroy(c); err != nil {
		t.Fatal(err)
	}
	t.Log(r.Sim.Now())
	r.Settle()
	t.Log(r.Census())
}

package dst

import (
	"fmt"
	"testing"

	"berth/internal/config"
)

// moved is small in the network team's VPC, chosen by tags.
const moved = `
vpc_cidr           = null
availability_zones = null
existing_vpc       = {
  vpc_tags            = { owner = "network-team" }
  public_subnet_tags  = { tier = "public" }
  private_subnet_tags = { tier = "private" }
}
`

// byIDs is the same, chosen by ids.
func (e *estate) byIDs() string {
	return fmt.Sprintf(`
vpc_cidr     = null
existing_vpc = { vpc_id = %q, public_subnet_ids = [%q, %q], private_subnet_ids = [%q, %q] }
`, e.vpc, e.public[0], e.public[1], e.private[0], e.private[1])
}

// lodging is a rig with an estate, and what the estate looks like.
func lodging(t *testing.T) (*Rig, *estate, deed) {
	t.Helper()
	r := NewRig(1)
	e := r.settleEstate(t)
	return r, e, r.deeds(t)
}

func TestAClusterInAVPCOfOthersComesAndGoesAndTouchesNothingOfTheirs(t *testing.T) {
	for _, chosen := range []string{"tags", "ids"} {
		t.Run("by "+chosen, func(t *testing.T) {
			r, e, theirs := lodging(t)
			texts := []string{small, moved}
			if chosen == "ids" {
				texts[1] = e.byIDs()
			}
			c := Load(t, texts...)
			steps := []*config.Config{
				c, Load(t, append(texts, "instance_type = \"t3.small\"\nmax_size = 3\n")...),
				Load(t, append(texts, "load_balancers = { public = {}, inside = { scheme = \"internal\" }, legacy = { type = \"classic\" } }\ntags = { team = \"a\" }\n")...),
			}
			for i, c := range steps {
				if err := r.Apply(c); err != nil {
					t.Fatal(err)
				}
				r.Settle()
				r.untouched(t, theirs, fmt.Sprintf("after apply %d", i))
				r.Agrees(t, c, fmt.Sprintf("after apply %d", i))
			}
			if err := r.Destroy(steps[2]); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			r.alone(t, theirs, "after the destroy")
		})
	}
}

func TestWhatDiesAtAnyCallInAVPCOfOthersIsFinishedByTheNext(t *testing.T) {
	r, _, theirs := lodging(t)
	c := Load(t, small, moved)
	agree := func(c *config.Config) func(*testing.T, *Rig) {
		return func(t *testing.T, r *Rig) {
			r.untouched(t, theirs, "after the second run")
			r.Agrees(t, c, "after the second run")
		}
	}
	t.Run("comes", func(t *testing.T) { finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(c) }, agree(c)) })
	more := Load(t, small, moved, "load_balancers = { public = {}, inside = { scheme = \"internal\" }, legacy = { type = \"classic\" } }\n")
	t.Run("changes", func(t *testing.T) { finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(more) }, agree(more)) })
	t.Run("is destroyed", func(t *testing.T) {
		finishedAnyhow(t, r, func(r *Rig) error { return r.Destroy(more) }, func(t *testing.T, r *Rig) { r.alone(t, theirs, "after the second destroy") })
	})
}

func TestAMoveBetweenAnOwnVPCAndOneOfOthersThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	r, _, theirs := lodging(t)
	own, out := Load(t, small), Load(t, small, moved)
	if err := r.Apply(own); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	agree := func(c *config.Config) func(*testing.T, *Rig) {
		return func(t *testing.T, r *Rig) {
			r.untouched(t, theirs, "after the second run")
			r.Agrees(t, c, "after the second run")
		}
	}
	t.Run("out", func(t *testing.T) { finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(out) }, agree(out)) })
	t.Run("back", func(t *testing.T) { finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(own) }, agree(own)) })
}

// A file that names the VPC no more still finds everything that berth left there.
func TestADestroyByAFileWithoutTheVPCLeavesNothingInIt(t *testing.T) {
	r, _, theirs := lodging(t)
	c := Load(t, small, moved, "load_balancers = { public = {}, inside = { scheme = \"internal\" }, legacy = { type = \"classic\" } }\n")
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	if err := r.Destroy(Load(t, small)); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.alone(t, theirs, "after the destroy")
}

func TestTwoClustersInOneVPCOfOthersDoNotSeeEachOther(t *testing.T) {
	r, _, theirs := lodging(t)
	one, two := Load(t, small, moved), Load(t, small, moved, "cluster = \"acc-2\"\nload_balancers = { public = {}, legacy = { type = \"classic\" } }\n")
	for _, c := range []*config.Config{one, two} {
		if err := r.Apply(c); err != nil {
			t.Fatal(err)
		}
		r.Settle()
	}
	r.Agrees(t, one, "beside the other")
	r.Agrees(t, two, "beside the other")
	if s, err := r.Survey(one); err != nil || len(s.Have.Strays) > 0 {
		t.Error("one of them sees the other: ", s.Have.Strays, err)
	}
	if err := r.Destroy(one); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Agrees(t, two, "after the other has gone")
	if err := r.Destroy(two); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.alone(t, theirs, "after both have gone")
}

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

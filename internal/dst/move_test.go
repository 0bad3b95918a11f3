package dst

import (
	"strings"
	"testing"
)

// moves are files that a cluster with a bit of everything is changed to, each in another VPC: what stood in the old one leaves
// it, whether it comes again or not.
func moves() map[string]string {
	const address = "vpc_cidr = \"10.9.0.0/16\"\n"
	return map[string]string{
		"everything comes along":             changed + address,
		"without load balancers":             changed + address + "load_balancers = {}\n",
		"without further groups":             changed + address + "instance_groups = {}\n",
		"with groups of other names":         changed + address + "instance_group = \"other\"\ninstance_groups = { night = { max_size = 1 } }\n",
		"with load balancers of other names": changed + address + "load_balancers = { front = {}, back = { scheme = \"internal\" } }\n",
		"with nothing of what was there":     changed + address + "load_balancers = {}\ninstance_group = \"other\"\ninstance_groups = {}\n",
		"without any way out":                changed + address + "nat = \"none\"\nload_balancers = {}\ninstance_groups = {}\n",
		"to other zones":                     changed + address + "availability_zones = [\"eu-west-1b\", \"eu-west-1c\"]\nload_balancers = {}\ninstance_group = \"other\"\ninstance_groups = {}\n",
		"to nothing that runs":               changed + address + "load_balancers = {}\ninstance_groups = {}\nmin_size = 0\ndesired_capacity = 0\nmax_size = 0\n",
	}
}

// lines lets the last line of each name win, as of several files.
func lines(text string) []string {
	var files []string
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			files = append(files, line)
		}
	}
	return files
}

func TestAMoveToAnotherVPCThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	golden, _ := standing(t, changed, "flow_logs = \"cloudwatch\"\n", "vpc_endpoints = [\"ecr.api\"]\n")
	for name, text := range moves() { // unordered: each has a world of its own
		t.Run(name, func(t *testing.T) {
			r, c := golden.Fork(t), Load(t, lines(text)...)
			move := func(r *Rig) error { return r.Apply(c) }
			if strings.HasPrefix(name, "with nothing") || *full { // the others' order is part of this one's
				finishedAnyhow(t, r, move, func(t *testing.T, r *Rig) { r.Agrees(t, c, "after the second run") })
			} else if err := move(r); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			r.Agrees(t, c, "after the move")
		})
	}
}

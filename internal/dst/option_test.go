package dst

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/config/option"
	"berth/internal/sim/iam"
	"berth/internal/sim/world"
)

// plainest is the file that the examples of the table are laid over; option.Places has it as their frame.
const plainest = "environment = \"acc\"\naws_region = \"eu-west-1\"\navailability_zones = [\"eu-west-1a\", \"eu-west-1b\"]\n"

// elsewhere names the options, and the places, whose examples need something that stands on no empty AWS, and what. Other
// tests make it.
func elsewhere() map[string]string {
	return map[string]string{
		"at the top level aws_ecs_ami":              "an image of that id",
		"in a group of instance_groups aws_ecs_ami": "an image of that id",
		"at the top level existing_vpc":             "a VPC of others",
		"in existing_vpc":                           "a VPC of others",
		"in one of registries secret_arn":           "a secret of that name",
	}
}

// exampleFiles are the files of all examples, by place and name. Of a name with two types at one place both are there.
func exampleFiles() map[string]string {
	out := map[string]string{}
	for _, place := range option.Places() {
		for _, o := range option.In(place.Scope) {
			out[fmt.Sprintf("%s %s", place.Words, o.Name)] = place.File(o)
		}
	}
	return out
}

// Every example of docs/config.md is applied to a cluster that stands without it, is all there then; a sample of them goes again,
// and is destroyed without leaving anything.
func TestEveryOptionComesGoesAndIsDestroyed(t *testing.T) {
	t.Parallel()
	golden, without := standing(t, plainest)
	for _, file := range []string{plainest + "spot = true\n", plainest} { // the role of EC2 Spot stays in an account for ever
		if err := golden.Apply(Load(t, file)); err != nil {
			t.Fatal(err)
		}
	}
	golden.Sim.With(func(w *world.World) { fine(t, iam.Keep(w, "arn:aws:iam::123456789012:role/ecs/logs-router")) })
	forgets(golden)
	before := golden.Census()
	empty := golden.Fork(t)
	if err := empty.Destroy(without); err != nil {
		t.Fatal(err)
	}
	forgets(empty)
	nothing := empty.Census()
	files := exampleFiles()
	for i, name := range slices.Sorted(maps.Keys(files)) {
		if unmet(name) {
			continue
		}
		goes := sampled(t, i, len(files), 30)
		t.Run(name, func(t *testing.T) {
			c, r, left := Load(t, files[name]), golden.Fork(t), nothing
			if err := r.Apply(c); err != nil {
				t.Fatalf("%v\n%s", err, files[name])
			}
			r.Agrees(t, c, "with it")
			if !goes {
				return
			}
			doomed := r.Fork(t)
			if c.Cluster == without.Cluster {
				if err := r.Apply(without); err != nil {
					t.Fatal(err)
				}
				r.Agrees(t, without, "without it")
				forgets(r)
				same(t, "without it", r, before)
			} else {
				left = before // the other cluster stays
			}
			if err := doomed.Destroy(c); err != nil {
				t.Fatal(err)
			}
			forgets(doomed)
			same(t, "destroyed", doomed, left)
		})
	}
	for name := range elsewhere() { // unordered: each is looked up
		if !slices.ContainsFunc(slices.Collect(maps.Keys(exampleFiles())), func(option string) bool { return strings.HasPrefix(option, name) }) {
			t.Errorf("there is no option %q", name)
		}
	}
}

// unmet tells whether an option needs what is not there, by its own name or its place's.
func unmet(name string) bool {
	for entry := range elsewhere() { // unordered: any will do
		if name == entry || strings.HasPrefix(name, entry+" ") {
			return true
		}
	}
	return false
}

// forgets lets time pass until AWS no longer shows what is gone: tasks for an hour, and with them what they were made from, and
// subscriptions that nobody confirmed for two days.
func forgets(r *Rig) { r.Sim.With(func(w *world.World) { w.Advance(49 * time.Hour) }) }

// same wants a world to hold what another one holds.
func same(t *testing.T, when string, r *Rig, want string) {
	t.Helper()
	got := r.Census()
	if got == want {
		return
	}
	lines := func(a, b string) (out []string) {
		for line := range strings.Lines(a) {
			if !strings.Contains("\n"+b+"\n", "\n"+strings.TrimSpace(line)+"\n") {
				out = append(out, strings.TrimSpace(line))
			}
		}
		return out
	}
	t.Errorf("%s: there are %q, want %q", when, lines(got, want), lines(want, got))
}

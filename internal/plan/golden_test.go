package plan_test

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
	"berth/internal/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// changed is a plan from what one file made to what another asks for, which leaves its ranges out.
func changed(t testing.TB, from, to *config.Config) plan.Plan {
	t.Helper()
	have := stands(want(from))
	p, err := plan.Make(wantOver(to, &have), have)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func internal(lb config.LoadBalancer) config.LoadBalancer {
	lb.Scheme = config.Internal
	return lb
}

func scenarios(t *testing.T) map[string]plan.Plan {
	t.Helper()
	original, faults := config.Load(config.Sources{Files: []string{"../../ecs.tfvars"}})
	if original == nil {
		t.Fatal(faults)
	}
	nothing, err := plan.Make(desired.Build(original, facts(original, nil)), model.Inventory{})
	if err != nil {
		t.Fatal(err)
	}
	gone, err := plan.Make(model.Set{}, stands(want(file())))
	if err != nil {
		t.Fatal(err)
	}
	moved, err := plan.Make(want(file(func(c *config.Config) { c.Zones[0].PrivateCIDR = netip.MustParsePrefix("10.0.60.0/24") })), stands(want(file())))
	if err != nil {
		t.Fatal(err)
	}
	newer := file()
	newer.Groups[0].AMI = "ami-2"
	three := zones("a", "b", "c")
	classic := balancer("old", config.Classic)
	secure := balancer("", config.Application)
	secure.TLS = config.TLS{Certificates: []string{"arn:1", "arn:2"}, Policy: "ELBSecurityPolicy-TLS13-1-3-2021-06", Redirect: true}
	other := balancer("", config.Application)
	other.IdleTimeout = 120
	return map[string]plan.Plan{
		"from-nothing":           nothing,
		"destroy":                gone,
		"a-zone-more":            changed(t, file(), file(three)),
		"a-zone-less":            changed(t, file(three), file()),
		"one-zone-for-another":   changed(t, file(), file(zones("a", "c"))),
		"nat-single-to-per-az":   changed(t, file(three, single), file(three)),
		"nat-per-az-to-single":   changed(t, file(three), file(three, single)),
		"nat-single-moves":       changed(t, file(three, single), file(zones("b", "c"), single)),
		"nat-per-az-to-none":     changed(t, file(), file(closed)),
		"nat-none-to-per-az":     changed(t, file(closed), file()),
		"flow-logs-elsewhere":    changed(t, file(recorded("cloudwatch")), file(recorded("arn:aws:s3:::archive"))),
		"a-group-more":           changed(t, file(), file(groups(group("default"), group("batch")))),
		"a-group-less":           changed(t, file(groups(group("default"), group("batch"))), file()),
		"a-load-balancer-more":   changed(t, file(), file(balancers(balancer("", config.Application), internal(balancer("inside", config.Application))))),
		"a-load-balancer-less":   changed(t, file(balancers(balancer("", config.Application), balancer("inside", config.Application))), file()),
		"scheme-of-application":  changed(t, file(), file(balancers(internal(balancer("", config.Application))))),
		"scheme-of-classic":      changed(t, file(balancers(classic)), file(balancers(internal(classic)))),
		"classic-to-application": changed(t, file(balancers(classic)), file(balancers(balancer("old", config.Application)))),
		"https-comes":            changed(t, file(), file(balancers(secure))),
		"https-goes":             changed(t, file(balancers(secure)), file(balancers(other))),
		"another-ssh-key":        changed(t, file(withKey("4f")), file(withKey("4g"))),
		"newer-image":            changed(t, file(), newer),
		"another-range":          moved,
		"another-vpc":            changed(t, file(), file(func(c *config.Config) { c.VPCCIDR = netip.MustParsePrefix("10.9.0.0/16"); zones("a", "b")(c) })),
	}
}

func TestPlansReadLikeThis(t *testing.T) {
	for name, p := range scenarios(t) {
		path, got := filepath.Join("testdata", name+".txt"), text(p)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // a file of the repository
				t.Fatal(err)
			}
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		was, is := strings.Split(string(b), "\n"), strings.Split(got, "\n")
		for i := range max(len(was), len(is)) {
			if i >= len(was) || i >= len(is) || was[i] != is[i] {
				t.Errorf("%s:%d differs (write it anew with -update): the plan is now\n%s", path, i+1, got)
				break
			}
		}
	}
}

// withKey gives the default group an SSH key that ends so.
func withKey(end string) func(*config.Config) {
	return func(c *config.Config) {
		c.Groups[0].SSHPublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR" + end
	}
}

package manifest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/internal/document"
)

// shop is the cluster of examples/ecs.tfvars after an apply, as large as its instances are.
func shop() Cluster {
	return Cluster{
		Name: "shop", Environment: "prod", Region: "eu-west-1", Account: "123456789012", LogPrefix: "shop",
		ExecutionRole: "arn:aws:iam::123456789012:role/ecs/prod_shop_eu-west-1_execution", TaskRole: "arn:aws:iam::123456789012:role/ecs/prod_shop_eu-west-1_task",
		Balancers: []Balancer{
			{Key: "internal", Name: "prod-shop-internal", TargetGroup: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/internal/1"},
			{Key: "legacy", Name: "prod-shop-legacy", Classic: true, Port: 8080},
			{Key: "public", Name: "prod-shop-public", TargetGroup: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/public/2"},
		},
		Registries: []Registry{
			{Host: "docker.io", Secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod_shop/registry/docker.io-AbCdEf"},
			{Host: "ghcr.io", Secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod_shop/registry/ghcr.io-AbCdEf"},
		},
		Groups: []Group{
			{Key: "default", Provider: "prod_shop_default", SecurityGroup: "sg-1", Types: []Type{{Name: "m7i.large", CPU: 2048, Memory: 7600, Interfaces: 3, Arch: "X86_64"}}},
			{Key: "batch", Provider: "prod_shop_batch", SecurityGroup: "sg-2", Types: []Type{{Name: "c7g.large", CPU: 2048, Memory: 3600, Interfaces: 3, Arch: "ARM64"}}},
			{Key: "small", Provider: "prod_shop_small", SecurityGroup: "sg-3", Types: []Type{{Name: "t3.medium", CPU: 2048, Memory: 3600, Interfaces: 3, Arch: "X86_64"}}},
		},
		Subnets: []string{"subnet-1", "subnet-2", "subnet-3"},
	}
}

// examples are the folders of examples/.
func examples(t *testing.T) map[string]Folder {
	t.Helper()
	paths, err := filepath.Glob("../../examples/*/" + DefinitionFile)
	if err != nil || len(paths) != 10 {
		t.Fatalf("%d examples, want 10: %v", len(paths), err)
	}
	out := map[string]Folder{}
	for _, path := range paths {
		dir := filepath.Dir(path)
		s := Sources{Folder: filepath.Base(dir), Definition: file(t, path)}
		if _, err := os.Stat(filepath.Join(dir, ServiceFile)); err == nil {
			s.Service = file(t, filepath.Join(dir, ServiceFile))
		}
		f, faults := Read(s)
		if len(faults) > 0 {
			t.Errorf("%s:\n%s", s.Folder, faults)
		}
		out[s.Folder] = f
	}
	return out
}

func file(t *testing.T, path string) File {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return File{Name: path, Text: string(text)}
}

func TestEveryExampleFitsTheExampleCluster(t *testing.T) {
	for name, f := range examples(t) {
		if faults := Check(f, shop()); len(faults) > 0 {
			t.Errorf("%s:\n%s", name, faults)
		}
		if f.Name != name || f.Once() != (name == "run-once") {
			t.Errorf("%s is called %s, and runs once: %t", name, f.Name, f.Once())
		}
		full, added := Complete(f, shop())
		for _, r := range full.References {
			if !r.Route.Own() {
				t.Errorf("%s: %s has no answer", name, r)
			}
		}
		if len(added) == 0 {
			t.Errorf("%s: nothing is added", name)
		}
		if faults := Check(full, shop()); len(faults) > 0 {
			t.Errorf("%s, completed:\n%s", name, faults)
		}
	}
}

// What all examples together take of the default group must fit its three first instances while one of them is deployed anew:
// twice its tasks beside all others.
func TestTheExamplesRunBesideEachOther(t *testing.T) {
	all := examples(t)
	cpu, memory, interfaces, most := 0, 0, 0, 0
	ports := map[int]string{}
	for _, name := range slices.Sorted(keysOf(all)) {
		f := all[name]
		count, _ := f.Service.Get("desiredCount").Number()
		if f.Service.Get("schedulingStrategy").Text == "DAEMON" {
			count = 3
		}
		c, m := Takes(f)
		if f.Service.Get("capacityProviderStrategy").There() {
			count = 0
		}
		cpu, memory, most = cpu+c*count, memory+m*count, max(most, c*count)
		if f.Definition.Get("networkMode").Text == "awsvpc" {
			interfaces += 2 * count
		}
		f.Definition.Map(func(v document.Value) document.Value {
			if n, ok := v.Get("hostPort").Number(); ok {
				if ports[n] != "" {
					t.Errorf("%s and %s both take port %d", name, ports[n], n)
				}
				ports[n] = name
			}
			return v
		})
	}
	if cpu+most > 3*2048 || memory > 3*7600/2 || interfaces > 3*2 {
		t.Errorf("the examples take %d (and %d more) cpu units, %d MiB and %d interfaces", cpu, most, memory, interfaces)
	}
}

func keysOf(all map[string]Folder) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range all { // unordered: the caller sorts
			if !yield(name) {
				return
			}
		}
	}
}

func TestATaskWithAnInterfaceOfItsOwnNeedsASecondOne(t *testing.T) {
	f := examples(t)["worker"]
	c := shop()
	for i := range c.Groups {
		c.Groups[i].Types[0].Interfaces = 1
	}
	if faults := Check(f, c); len(faults) != 1 || faults[0].Code != "DEP042" || !strings.Contains(faults[0].Detail, "it lacks a second network interface") {
		t.Errorf("faults:\n%s", faults)
	}
	c.Groups[0].Types[0].Interfaces = 2
	if faults := Check(f, c); len(faults) > 0 {
		t.Errorf("one group has two:\n%s", faults)
	}
}

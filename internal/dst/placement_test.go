package dst

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"pgregory.net/rapid"

	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/world"
)

// nine is a cluster of nine instances of two kinds in three zones.
const nine = `
environment        = "acc"
aws_region         = "eu-west-1"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
instance_type      = "t3.large"
managed_scaling    = false
min_size           = 6
desired_capacity   = 6
max_size           = 6
instance_groups    = { batch = { instance_type = "m7i.xlarge", min_size = 3, desired_capacity = 3, max_size = 3, attributes = { workload = "batch" } } }
`

// ground is a cluster to place tasks in.
type ground struct {
	t       *testing.T
	rig     *Rig
	api     *awsecs.Client
	cluster string
	daemons []placement.Demand
}

// site looks at the cluster. Instances are named in the order in which they were registered, which is how this simulated ECS
// decides between equal ones.
func (g *ground) site() placement.Site {
	s := placement.Site{Daemons: g.daemons}
	g.rig.Sim.With(func(w *world.World) {
		r := w.Region("eu-west-1")
		k, _ := r.ECS.Clusters.Get(g.cluster)
		for i := range k.Instances.Rows() {
			s.Instances = append(s.Instances, seen(r, k, i, len(s.Instances)))
		}
		for t := range k.Tasks.Rows() {
			one := live.Task{ID: t.ID, Group: t.Group, Instance: t.Instance, Zone: t.Zone, Last: t.Status, Desired: t.Desired}
			for _, c := range t.Containers {
				for _, p := range c.Ports {
					one.Containers = append(one.Containers, live.Container{Ports: []live.Port{{Host: p.Host, Protocol: p.Protocol}}})
				}
			}
			s.Tasks = append(s.Tasks, one)
		}
	})
	return s
}

func seen(r *world.Region, k *world.Cluster, i *world.ContainerInstance, n int) live.Instance {
	out := live.Instance{
		ID: fmt.Sprintf("i-%02d", n), ARN: i.ID, Status: i.Status, Connected: i.AgentConnected, Provider: i.Provider, Zone: i.Zone,
		Running: i.RunningTasks, Attributes: map[string]string{}, Total: room(i.Registered), Free: room(i.Remaining),
	}
	for _, a := range i.Attributes {
		out.Attributes[a.Name] = a.Value
	}
	out.Type = out.Attributes["ecs.instance-type"]
	out.Total.ENIs = eni.Slots(r, i)
	out.Free.ENIs = out.Total.ENIs
	for _, id := range i.Tasks {
		if t, ok := k.Tasks.Get(id); ok && t.Network != nil {
			out.Free.ENIs--
		}
	}
	return out
}

func room(all []world.ECSResource) live.Room {
	var out live.Room
	for _, r := range all {
		var ports []int
		for _, p := range r.Set {
			n, _ := strconv.Atoi(p)
			ports = append(ports, n)
		}
		switch r.Name {
		case "CPU":
			out.CPU = r.Integer
		case "MEMORY":
			out.Memory = r.Integer
		case "PORTS":
			out.TCP = ports
		case "PORTS_UDP":
			out.UDP = ports
		}
	}
	return out
}

// subnets are the private ones of the cluster in some zones.
func (g *ground) subnets(zones []string) []string {
	var out []string
	g.rig.Sim.With(func(w *world.World) {
		for s := range w.Region("eu-west-1").EC2.Subnets.Rows() {
			if slices.Contains(zones, s.Zone) && !s.MapPublicIP {
				out = append(out, s.ID)
			}
		}
	})
	return out
}

// order is what a service wants, in the shapes of AWS's documents.
type order struct {
	definition, service string
	zones               []string // of its subnets
	count               int
}

func drawOrder(rt *rapid.T, g *ground, n int) order {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(rt, "pick") }
	number := func(from, to int) int { return rapid.IntRange(from, to).Draw(rt, "number") }
	name := fmt.Sprintf("s%d", n)
	o := order{count: number(1, 24)}
	container := fmt.Sprintf(`"name":"app","image":"app:1","cpu":%d,%s`, number(0, 900), pick(`"memory":128`, `"memory":2000,"memoryReservation":700`, `"memory":3000`))
	container += pick("", "", `,"portMappings":[{"containerPort":80,"hostPort":8080}]`, `,"portMappings":[{"containerPort":80}]`,
		`,"portMappings":[{"containerPort":53,"hostPort":53,"protocol":"udp"}]`)
	container += pick("", `,"healthCheck":{"command":["CMD","true"]}`, `,"privileged":true`)
	task := pick("", "", `,"cpu":"1 vCPU","memory":"3 GB"`, `,"networkMode":"host"`, `,"runtimePlatform":{"cpuArchitecture":"ARM64"}`, `,"runtimePlatform":{"cpuArchitecture":"X86_64"}`)
	if number(0, 3) == 0 {
		o.zones = rapid.SampledFrom([][]string{{"eu-west-1a"}, {"eu-west-1a", "eu-west-1b"}, {"eu-west-1a", "eu-west-1b", "eu-west-1c"}}).Draw(rt, "zones")
		task = `,"networkMode":"awsvpc"`
		container = strings.ReplaceAll(strings.ReplaceAll(container, `"hostPort":8080`, `"hostPort":80`), `,"privileged":true`, "")
	}
	if strings.Contains(task, "host") {
		container = strings.ReplaceAll(container, `"hostPort":8080`, `"hostPort":80`)
	}
	task += pick("", "", "", `,"placementConstraints":[{"type":"memberOf","expression":"attribute:ecs.instance-type =~ t[23]\\..*"}]`)
	o.definition = fmt.Sprintf(`{"family":%q,"containerDefinitions":[{%s}]%s}`, name, container, task)
	o.service = fmt.Sprintf(`{"serviceName":%q,"taskDefinition":%q,"cluster":%q,"desiredCount":%d`, name, name, g.cluster, o.count)
	if o.zones != nil {
		o.service += `,"networkConfiguration":{"awsvpcConfiguration":{"subnets":["` + strings.Join(g.subnets(o.zones), `","`) + `"]}}`
	}
	if number(0, 5) == 0 {
		daemon := fmt.Sprintf(`,"desiredCount":%d`, o.count)
		o.service = strings.Replace(o.service, daemon, `,"schedulingStrategy":"DAEMON","launchType":"EC2"`, 1) + "}"
		return o
	}
	o.service += pick(`,"launchType":"EC2"`, `,"capacityProviderStrategy":[{"capacityProvider":"acc_acc_default","weight":1}]`,
		fmt.Sprintf(`,"capacityProviderStrategy":[{"capacityProvider":"acc_acc_default","weight":%d,"base":%d},{"capacityProvider":"acc_acc_batch","weight":%d}]`,
			number(1, 3), number(0, 3), number(0, 3)))
	o.service += `,"availabilityZoneRebalancing":"DISABLED","placementStrategy":[` + pick("", "", `{"type":"spread","field":"attribute:ecs.availability-zone"},{"type":"binpack","field":"memory"}`,
		`{"type":"binpack","field":"CPU"}`, `{"type":"spread","field":"host"}`, `{"type":"spread","field":"attribute:workload"},{"type":"spread","field":"instanceId"}`) + `]`
	o.service += `,"placementConstraints":[` + pick("", "", "", `{"type":"distinctInstance"}`, `{"type":"memberOf","expression":"attribute:workload !exists"}`,
		`{"type":"memberOf","expression":"task:group == service:s0"}`, `{"type":"memberOf","expression":"not(task:group == service:s0)"}`,
		`{"type":"memberOf","expression":"attribute:ecs.availability-zone in [eu-west-1a, eu-west-1c]"}`) + `]}`
	return o
}

// parts reads the documents of an order.
func (o order) parts(t *testing.T) (placement.Demand, *awsecs.RegisterTaskDefinitionInput, *awsecs.CreateServiceInput) {
	t.Helper()
	definition, err := document.Parse("taskdef.json", []byte(o.definition))
	if err != nil {
		t.Fatal(err)
	}
	service, err := document.Parse("service.json", []byte(o.service))
	if err != nil {
		t.Fatal(err)
	}
	d := placement.DemandOf(definition, service)
	d.Zones = o.zones
	register, create := &awsecs.RegisterTaskDefinitionInput{}, &awsecs.CreateServiceInput{}
	if err := json.Unmarshal([]byte(o.definition), register); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(o.service), create); err != nil {
		t.Fatal(err)
	}
	return d, register, create
}

func TestTasksLandWhereTheToolSaysTheyWill(t *testing.T) {
	t.Parallel()
	base, c := standing(t, nine)
	placed, nowhere := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		r := base.Fork(t)
		cluster, _ := r.cluster(c)
		g := &ground{t: t, rig: r, api: cluster.Cloud.ECS, cluster: c.Cluster}
		for n := range rapid.IntRange(1, 4).Draw(rt, "services") {
			o := drawOrder(rt, g, n)
			d, register, create := o.parts(t)
			if same := g.definition(rt, register); !slices.Equal(same, d.Requires) {
				rt.Fatalf("%s requires %q, the tool says %q", o.definition, same, d.Requires)
			}
			before := g.site()
			landings := placement.Land(d, o.count, before)
			if _, err := g.api.CreateService(context.Background(), create); err != nil {
				rt.Fatalf("%s: %v", o.service, err)
			}
			r.pass(3 * time.Minute)
			want, got := landed(landings), g.running(before, d.Group)
			if !maps.Equal(want, got) {
				rt.Fatalf("%s\n%s\nthe tool says %v, and they landed %v", o.definition, o.service, want, got)
			}
			if d.Daemon {
				g.daemons = append(g.daemons, d)
			}
			for _, l := range landings {
				if l.Instance == "" {
					nowhere++
				} else {
					placed++
				}
			}
		}
	})
	if placed == 0 || nowhere == 0 {
		t.Fatalf("%d tasks landed and %d did not: that proves nothing", placed, nowhere)
	}
}

// definition registers a definition and gives what ECS says that it requires.
func (g *ground) definition(rt *rapid.T, in *awsecs.RegisterTaskDefinitionInput) []string {
	out, err := g.api.RegisterTaskDefinition(context.Background(), in)
	if err != nil {
		rt.Fatal(err)
	}
	var names []string
	for _, a := range out.TaskDefinition.RequiresAttributes {
		name := *a.Name
		if a.Value != nil {
			name += "=" + *a.Value
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// landed counts landings by instance.
func landed(all []placement.Landing) map[string]int {
	out := map[string]int{}
	for _, l := range all {
		if l.Instance != "" {
			out[l.Instance]++
		}
	}
	return out
}

// running counts the tasks of a group by instance, under the names that the instances had in a look before.
func (g *ground) running(before placement.Site, group string) map[string]int {
	names, out := map[string]string{}, map[string]int{}
	for _, i := range before.Instances {
		names[i.ARN] = i.ID
	}
	for _, t := range g.site().Tasks {
		if t.Group == group && t.Instance != "" && t.Desired == string(types.DesiredStatusRunning) {
			out[names[t.Instance]]++
		}
	}
	return out
}

package placement

import (
	"fmt"

	"berth/internal/document"
	"berth/internal/live"
)

// host is an instance like those of berth's clusters: a t3.large with its reserved memory and ports.
func host(n int, zone string) live.Instance {
	id := fmt.Sprintf("i-%05d", n)
	all := live.Room{CPU: 2048, Memory: 7600, ENIs: 2, TCP: []int{22, 2375, 2376, 51678, 51679}}
	return live.Instance{
		ID: id, ARN: "arn:" + id, Status: "ACTIVE", Connected: true, Agent: "1.90.0", Group: "prod_shop_default", Provider: "prod_shop_default",
		Zone: zone, Type: "t3.large", Total: all, Free: all,
		Attributes: map[string]string{"ecs.availability-zone": zone, "ecs.instance-type": "t3.large", "ecs.cpu-architecture": "x86_64", older + "docker-remote-api.1.18": ""},
	}
}

// hosts are instances in zones a to c in turn.
func hosts(n int) []live.Instance {
	var out []live.Instance
	for i := range n {
		out = append(out, host(i, "eu-west-1"+string(rune('a'+i%3))))
	}
	return out
}

// web is a service that takes a quarter of an instance's processor.
func web() Demand {
	return Demand{Name: "web", Group: "service:web", Room: live.Room{CPU: 512, Memory: 1024}}
}

func task(n int, group string, on live.Instance) live.Task {
	return live.Task{ID: fmt.Sprint("t", n), Group: group, Instance: on.ARN, Zone: on.Zone, Last: running, Desired: running}
}

func parsed(text string) document.Value {
	v, err := document.Parse("x.json", []byte(text))
	if err != nil {
		panic(err)
	}
	return v
}

// perZone counts landings by zone; under "" those that found no instance.
func perZone(all []Landing) map[string]int {
	out := map[string]int{}
	for _, l := range all {
		if l.Instance == "" {
			out[""]++
		} else {
			out[l.Zone]++
		}
	}
	return out
}

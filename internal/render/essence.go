package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// essence is what matters of one resource, in a few words.
func essence(r model.Resource) string {
	switch r := r.(type) {
	case model.VPC:
		return r.CIDR
	case model.Subnet:
		return r.CIDR
	case model.Route:
		return "to " + ink.Name(r.Target)
	case model.LoadBalancer:
		return r.Name + ", " + r.Scheme
	case model.ClassicLoadBalancer:
		return r.Name + ", " + r.Scheme + ", " + strings.Join(r.Ports(), ", ")
	case model.TargetGroup:
		return r.Name
	case model.Listener:
		return r.String()
	case model.Role:
		return r.Name
	case model.Profile:
		return r.Name
	case model.Bucket:
		return r.Name
	case model.LogGroup:
		return r.Name + ", kept " + kept(r.Days)
	case model.FlowLog:
		return flowing(r)
	case model.Endpoint:
		return r.Type
	}
	return essenceOfCluster(r)
}

func essenceOfCluster(r model.Resource) string {
	switch r := r.(type) {
	case model.SecurityGroup:
		return "in: " + rules(r.Ingress)
	case model.Cluster:
		return r.Name + ", Container Insights " + r.Insights
	case model.LaunchTemplate:
		return r.Content.InstanceType + ", " + r.Content.AMI + size(r.Content.Volume)
	case model.KeyPair:
		return r.Name
	case model.Group:
		text := strings.Join(r.InstanceTypes, ", ")
		if r.Spot {
			text += ", " + purchase(r)
		}
		return fmt.Sprintf("%s, at most %d", text, r.Max)
	case model.Capacity:
		return fmt.Sprintf("%s, never under %d", several(r.Desired, "instance"), r.Min)
	case model.TaskDefinition:
		return fmt.Sprintf("%s, %d MiB", r.Content.Image, r.Content.Memory)
	case model.DaemonService:
		return r.Name + " on " + cmp.Or(r.Placement, "every instance")
	case model.Provider:
		if r.ManagedScaling {
			return "managed scaling"
		}
		return "no managed scaling"
	}
	return ""
}

// flowing says where a flow log goes.
func flowing(f model.FlowLog) string {
	to := "CloudWatch Logs"
	if f.To == model.ToBucket {
		to = f.Bucket
	}
	return fmt.Sprintf("%s traffic to %s, every %d s", strings.ToLower(f.Traffic), to, f.Seconds)
}

// size is a volume that differs from the images' own of 30 GiB, and Bottlerocket's of 20.
func size(v model.Volume) string {
	if v.Type == "gp3" && (v.GiB == 30 || v.GiB == 20) && v.IOPS+v.Throughput == 0 {
		return ""
	}
	text := fmt.Sprintf(", %d GiB of %s", v.GiB, v.Type)
	if v.IOPS > 0 {
		text += fmt.Sprintf(" with %d IOPS", v.IOPS)
	}
	return text
}

func kept(days int) string {
	if days == 0 {
		return "for ever"
	}
	return several(days, "day")
}

func rules(all []model.Rule) string {
	if len(all) == 0 {
		return "nothing"
	}
	texts := make([]string, len(all))
	for i, r := range all {
		texts[i] = r.String()
	}
	return strings.Join(texts, "; ")
}

// resource is what an entry's i-th key stands for, after the change if there is an after.
func (e entry) resource(i int) model.Resource {
	if e.to[i] != nil {
		return e.to[i]
	}
	return e.from[i]
}

// roster names everything that a folded entry is about, line by line.
func (e entry) roster() []string {
	if e.onlyTags() {
		return []string{kinds(e.keys)}
	}
	zones := map[model.Tier][]string{}
	names := make([]string, len(e.keys))
	for i, k := range e.keys {
		names[i] = k.Name
		tier, zone, _ := strings.Cut(k.Name, "/")
		if s, is := e.resource(i).(model.Subnet); is {
			zone += " " + s.CIDR
		}
		zones[model.Tier(tier)] = append(zones[model.Tier(tier)], zone)
	}
	public, private := zones[model.Public], zones[model.Private]
	switch {
	case len(public)+len(private) < len(names):
		return []string{short(names)}
	case slices.Equal(public, private):
		return []string{"public and private in " + short(public)}
	}
	var lines []string
	if len(public) > 0 {
		lines = append(lines, "public: "+short(public))
	}
	if len(private) > 0 {
		lines = append(lines, "private: "+short(private))
	}
	return lines
}

// short lists names; zones of one region give its name only once: "eu-west-1a, b, c".
func short(names []string) string {
	first := names[0]
	same := len(first) > 1 && first[len(first)-1] >= 'a' && first[len(first)-1] <= 'z' && first[len(first)-2] >= '0' && first[len(first)-2] <= '9'
	for _, n := range names {
		same = same && len(n) == len(first) && n[:len(n)-1] == first[:len(first)-1]
	}
	if !same {
		return ink.Clean(strings.Join(names, ", "))
	}
	letters := []string{first}
	for _, n := range names[1:] {
		letters = append(letters, n[len(n)-1:])
	}
	return ink.Clean(strings.Join(letters, ", "))
}

// kinds counts keys by kind: "vpc, subnet ×4".
func kinds(keys []model.Key) string {
	var parts []string
	for _, kind := range model.Kinds() {
		n := 0
		for _, k := range keys {
			if k.Kind == kind {
				n++
			}
		}
		switch {
		case n == 1:
			parts = append(parts, string(kind))
		case n > 1:
			parts = append(parts, fmt.Sprintf("%s ×%d", kind, n))
		}
	}
	return strings.Join(parts, ", ")
}

// Package essence says what matters of resources in a few words, for the lines of a plan and of a status.
//
// In: resources, keys and names as the model holds them. Out: short texts in one line. It compares nothing, leaves the kind
// and the key of a resource to its caller, and of a secret says whom it is for, never what it is.
package essence

import (
	"cmp"
	"fmt"
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// Of is what matters of one resource; empty where its name says it all.
func Of(r model.Resource) string {
	for _, of := range []func(model.Resource) string{ofNetwork, ofBalancer, ofAccess, ofStore, ofEvents, ofCluster} {
		if text := of(r); text != "" {
			return text
		}
	}
	return ""
}

func ofNetwork(r model.Resource) string {
	switch r := r.(type) {
	case model.VPC:
		return r.CIDR
	case model.Subnet:
		return r.CIDR
	case model.Route:
		return "to " + ink.Name(r.Target)
	case model.Endpoint:
		return r.Type
	}
	return ""
}

func ofBalancer(r model.Resource) string {
	switch r := r.(type) {
	case model.LoadBalancer:
		return r.Name + ", " + r.Scheme
	case model.ClassicLoadBalancer:
		return r.Name + ", " + r.Scheme + ", " + strings.Join(r.Ports(), ", ")
	case model.TargetGroup:
		return r.Name
	case model.Listener:
		return r.String()
	}
	return ""
}

func ofAccess(r model.Resource) string {
	switch r := r.(type) {
	case model.SecurityGroup:
		return "in: " + rules(r.Ingress)
	case model.Role:
		return r.Name
	case model.Profile:
		return r.Name
	case model.KeyPair:
		return r.Name
	case model.Secret:
		return r.Name + ", for " + r.Username
	case model.AgentConfig:
		return strings.Join(r.Registries, ", ")
	}
	return ""
}

func ofStore(r model.Resource) string {
	switch r := r.(type) {
	case model.Bucket:
		return r.Name
	case model.LogGroup:
		return r.Name + ", kept " + kept(r.Days)
	case model.FlowLog:
		return Flow(r)
	}
	return ""
}

func ofEvents(r model.Resource) string {
	switch r := r.(type) {
	case model.KMSKey:
		return r.Alias
	case model.Topic:
		return r.Name
	case model.Subscription:
		return r.Protocol + " " + r.Address()
	case model.Queue:
		return r.Name
	case model.EventRule:
		about, _, _ := strings.Cut(r.Description, " ("+model.TagKey)
		return about
	}
	return ""
}

func ofCluster(r model.Resource) string {
	switch r := r.(type) {
	case model.Cluster:
		return r.Name + ", Container Insights " + r.Insights
	case model.LaunchTemplate:
		return r.Content.InstanceType + ", " + r.Content.AMI + size(r.Content.Volume)
	case model.Group:
		text := strings.Join(r.InstanceTypes, ", ")
		if r.Spot {
			text += ", " + Purchase(r)
		}
		return fmt.Sprintf("%s, at most %d", text, r.Max)
	case model.Capacity:
		return fmt.Sprintf("%s, never under %d", ink.Several(r.Desired, "instance"), r.Min)
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

// Flow says where a flow log goes.
func Flow(f model.FlowLog) string {
	to := "CloudWatch Logs"
	if f.To == model.ToBucket {
		to = f.Bucket
	}
	return fmt.Sprintf("%s traffic to %s, every %d s", strings.ToLower(f.Traffic), to, f.Seconds)
}

// Purchase is how a group with Spot Instances buys.
func Purchase(g model.Group) string {
	switch {
	case g.OnDemandBase > 0 && g.OnDemandPercentage > 0:
		return fmt.Sprintf("%d On-Demand and %d %% of the rest, else spot", g.OnDemandBase, g.OnDemandPercentage)
	case g.OnDemandBase > 0:
		return fmt.Sprintf("%d On-Demand, else spot", g.OnDemandBase)
	case g.OnDemandPercentage > 0:
		return fmt.Sprintf("%d %% On-Demand, else spot", g.OnDemandPercentage)
	default:
		return "spot"
	}
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
	return ink.Several(days, "day")
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

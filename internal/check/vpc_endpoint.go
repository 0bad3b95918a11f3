package check

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/config"
	"berth/internal/model"
)

// interfaces are the file's endpoints that stand in the subnets and cost money.
func interfaces(c *config.Config) []config.Endpoint {
	return slices.DeleteFunc(slices.Clone(c.Endpoints), func(e config.Endpoint) bool {
		return model.EndpointType(e.Service) == model.GatewayEndpoint
	})
}

// asksFor tells whether the file has an endpoint for a service.
func asksFor(c *config.Config, service string) bool {
	return slices.ContainsFunc(c.Endpoints, func(e config.Endpoint) bool { return e.Service == service })
}

// endpointCosts sets the price of the endpoints beside that of the NAT gateways that they stand for, or stand by.
func endpointCosts(in Input) []Finding {
	services, zones := len(interfaces(in.Config)), len(in.Config.Zones)
	if services == 0 {
		return nil
	}
	sum := float64(services*zones) * endpointMonthly
	f := Finding{
		Severity: Info,
		Text: fmt.Sprintf("interface endpoints cost about $%.2f a month: %s in %s, $%.2f each; and $%.2f for each GB that passes (%s)",
			sum, quantity(services, "service"), quantity(zones, "zone"), endpointMonthly, endpointPerGB, pricesOf),
		Fix: "name fewer vpc_endpoints: gateway endpoints (s3, dynamodb) are free, and a NAT gateway takes the rest",
	}
	settings := []string{"vpc_endpoints"}
	if in.Config.NAT == config.None {
		settings = []string{"nat"}
		f.Text += fmt.Sprintf("; a NAT gateway in each zone would cost about $%.2f, and $%.3f for each GB", float64(zones)*wayOutMonthly, gatewayPerGB)
		f.Fix = fmt.Sprintf(`where instances may reach the internet, nat = "per_az" needs no endpoints and comes to about $%.2f a month`, float64(zones)*wayOutMonthly)
	}
	return []Finding{in.at(f, settings...)}
}

// companies are services that are of use together only: as long as one of them has no endpoint, what needs them goes by
// the NAT gateways (ECS developer guide, "Amazon ECS interface VPC endpoints"; ECR user guide, "Amazon ECR interface VPC
// endpoints").
func companies() []struct {
	what     string
	services []string
} {
	return []struct {
		what     string
		services []string
	}{
		{"the ECS agent", []string{"ecs", "ecs-agent", "ecs-telemetry"}},
		{"pulling images from ECR", []string{"ecr.api", "ecr.dkr"}},
		{"Session Manager", []string{"ssm", "ssmmessages"}},
	}
}

// halfAWay speaks of endpoints that are paid for and spare nobody the NAT gateways.
func halfAWay(in Input) []Finding {
	if in.Config.NAT == config.None {
		return nil // then all of them are there
	}
	var out []Finding
	for _, set := range companies() {
		var there, missing []string
		setting := "vpc_endpoints"
		for _, s := range set.services {
			if !asksFor(in.Config, s) {
				missing = append(missing, s)
				continue
			}
			there = append(there, s)
		}
		if len(there) == 0 || len(missing) == 0 {
			continue
		}
		i := slices.IndexFunc(in.Config.Endpoints, func(e config.Endpoint) bool { return e.Service == there[0] })
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: fmt.Sprintf("%s has an endpoint for %s and none for %s: it still needs the NAT gateways, and stands still when they fail",
				set.what, enumerate(there), enumerate(missing)),
			Fix: fmt.Sprintf("add %s to vpc_endpoints, or take %s out", quoted(missing), quoted(there)),
		}, in.Config.Endpoints[i].Setting, setting))
	}
	return out
}

// closedNetwork says what nat = "none" ends, above all when it is about to end it.
func closedNetwork(in Input) []Finding {
	if in.Config.NAT != config.None {
		return nil
	}
	f := Finding{
		Severity: Warning,
		Text: "nothing in the private subnets reaches the internet: images come from ECR in " + in.Config.Region +
			" only, none from Docker Hub, ghcr.io or public.ecr.aws, and AWS services without an endpoint are out of reach",
		Fix: "copy the images to ECR first and write their names so: ACCOUNT.dkr.ecr." + in.Config.Region + ".amazonaws.com/NAME; see berth explain NET603",
	}
	for r := range model.Every[model.Route](&in.Have.Set) {
		if r.Tier == model.Private && !in.Want.Has(r.Key()) {
			f.Severity = Error
			f.Text = "what runs now loses its way to the internet: tasks that call anything but AWS's services in " + in.Config.Region +
				" fail, and images from Docker Hub, ghcr.io or public.ecr.aws can be pulled no more"
			break
		}
	}
	if hosts := outside(in.Config.Registries); len(hosts) > 0 {
		f.Text += "; the logins for " + enumerate(hosts) + " are of no use there"
	}
	return append([]Finding{in.at(f, "nat")}, farImages(in)...)
}

// farImages are errors: a container that is to run on every instance, and whose image no instance can pull.
func farImages(in Input) []Finding {
	var out []Finding
	for _, c := range in.Config.SystemContainers {
		if host := registryOf(c.Image); isFar(host, in.Config.Region) {
			out = append(out, in.at(Finding{
				Severity: Error,
				Text:     "the image of the system container " + c.Name + " comes from " + host + ", which no instance reaches: it never starts",
				Fix:      "copy it to ECR in " + in.Config.Region + ", and name it so: image = \"ACCOUNT.dkr.ecr." + in.Config.Region + ".amazonaws.com/NAME:TAG\"",
			}, setting(c, "image")))
		}
	}
	return out
}

// registryOf is the host that an image's name begins with, Docker Hub's where there is none.
func registryOf(image string) string {
	host, _, more := strings.Cut(image, "/")
	if !more || !strings.ContainsAny(host, ".:") && host != "localhost" {
		return "docker.io"
	}
	return host
}

// isFar tells whether a registry is a public one, or ECR in another region. Other hosts may stand in the VPC.
func isFar(host, region string) bool {
	public := []string{"docker.io", "ghcr.io", "quay.io", "gcr.io", "nvcr.io", "mcr.microsoft.com", "registry.k8s.io", "public.ecr.aws", "registry.gitlab.com"}
	return slices.Contains(public, host) || strings.Contains(host, ".dkr.ecr.") && !strings.Contains(host, "."+region+".")
}

// outside are the registries that no endpoint of AWS leads to.
func outside(all []config.Registry) []string {
	var out []string
	for _, r := range all {
		if !strings.HasSuffix(r.Host, ".amazonaws.com") {
			out = append(out, r.Host)
		}
	}
	return out
}

// servicesNowhere speaks of services that the region has no endpoint for.
func servicesNowhere(c *config.Config, f model.Facts) []config.Fault {
	if f.Services == nil {
		return nil // not asked
	}
	var out []config.Fault
	for _, e := range c.Endpoints {
		known, there := f.Services[e.Service]
		if there && slices.Contains(known.Types, model.EndpointType(e.Service)) {
			continue
		}
		hint := "take it out of vpc_endpoints; what there is: aws ec2 describe-vpc-endpoint-services --region " + c.Region
		if e.Setting == "nat" {
			hint = `nat = "per_az": without it instances do not get along here`
		}
		out = append(out, fault(c, config.Fault{
			Summary: fmt.Sprintf("there is no %s endpoint for %q in %s", model.EndpointType(e.Service), e.Service, c.Region), Hint: hint,
		}, e.Setting, "vpc_endpoints"))
	}
	return out
}

// zonesWithoutService speaks of zones that a service's endpoint cannot stand in.
func zonesWithoutService(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	for _, e := range interfaces(c) {
		known, there := f.Services[e.Service]
		if !there {
			continue
		}
		var without []string
		for _, z := range openZones(c, f) {
			if !slices.Contains(known.Zones, z) {
				without = append(without, z)
			}
		}
		if len(without) == 0 {
			continue
		}
		out = append(out, fault(c, config.Fault{
			Summary: fmt.Sprintf("the endpoint of %q cannot stand in %s", e.Service, enumerate(without)),
			Detail:  "AWS offers it in " + enumerate(known.Zones) + ".",
			Hint:    "take other zones, or take it out of vpc_endpoints",
		}, e.Setting, "vpc_endpoints"))
	}
	return out
}

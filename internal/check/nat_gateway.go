package check

import (
	"fmt"

	"berth/internal/config"
)

func oneWayOut(in Input) []Finding {
	if in.Config.Existing != nil {
		return theirWayOut(in)
	}
	if in.Config.NAT != config.Single || len(in.Config.Zones) < 2 {
		return nil
	}
	var others []string
	for _, z := range in.Config.Zones[1:] {
		others = append(others, z.Name)
	}
	return []Finding{in.at(Finding{
		Severity: Warning,
		Text: fmt.Sprintf("the only NAT gateway stands in %s: when that zone fails, instances in %s can %s",
			in.Config.Zones[0].Name, enumerate(others), in.without()),
		Fix: fmt.Sprintf(`nat = "per_az": %s, about $%.2f a month each (%s)`, quantity(len(others), "more gateway"), wayOutMonthly, pricesOf),
	}, "nat")}
}

// without is what instances cannot do without a NAT gateway.
func (in Input) without() string {
	for _, s := range config.InstanceServices() {
		if !asksFor(in.Config, s) {
			return "pull no image, ship no log and join no more"
		}
	}
	return "pull no image from outside ECR and call nothing outside AWS" // their endpoints go on
}

// gatewayCosts names the price of an availability that nobody asked for by name: one gateway per zone is the default.
func gatewayCosts(in Input) []Finding {
	if in.Config.Existing != nil {
		return noS3Endpoint(in)
	}
	n := len(in.Config.Zones)
	if in.Config.NAT != config.PerAZ || n < 2 {
		return nil
	}
	return []Finding{in.at(Finding{
		Severity: Info,
		Text: fmt.Sprintf("%d NAT gateways cost about $%.2f a month ($%.2f and $%.2f for the address, each) and $%.3f for each GB that passes (%s)",
			n, float64(n)*wayOutMonthly, gatewayMonthly, addressMonthly, gatewayPerGB, pricesOf),
		Fix: fmt.Sprintf(`where an outage may last, nat = "single" saves about $%.2f a month`, float64(n-1)*wayOutMonthly),
	}, "nat")}
}

// zonalGateways tells of AWS's newer kind of gateway, which this version does not make.
func zonalGateways(in Input) []Finding {
	if in.Config.NAT != config.PerAZ || len(in.Config.Zones) < 2 {
		return nil
	}
	return []Finding{in.at(Finding{
		Severity: Note,
		Text:     "each zone has a NAT gateway of its own: AWS's regional NAT gateway, which spans the zones by itself, is not made by this version",
		Fix: "in a VPC of your own (existing_vpc): aws ec2 create-nat-gateway --region " + in.Config.Region +
			" --vpc-id VPC --availability-mode regional",
	}, "nat")}
}

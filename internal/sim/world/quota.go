package world

// QuotaKind describes one service quota: what it limits and what AWS grants before anybody asks for more.
type QuotaKind struct {
	Service    string // Service Quotas' service code: "vpc", "ec2", "elasticloadbalancing", …
	Code       string // "L-F678F1CE"
	Name       string // as the console shows it
	Default    int
	Adjustable bool
	Global     bool // counted per account, not per region
}

// QuotaKinds is the table of the quotas that the simulated AWS knows, by service (AWS General Reference, "Service
// endpoints and quotas"; the quota of on-demand instances is that of an account in use, not of a new one).
func QuotaKinds() []QuotaKind {
	return []QuotaKind{
		{"vpc", "L-F678F1CE", "VPCs per Region", 5, true, false},
		{"vpc", "L-A4707A72", "Internet gateways per Region", 5, true, false},
		{"vpc", "L-FE5A380F", "NAT gateways per Availability Zone", 5, true, false},
		{"vpc", "L-E79EC296", "VPC security groups per Region", 2500, true, false},
		{"vpc", "L-407747CB", "Subnets per VPC", 200, true, false},
		{"vpc", "L-589F43AA", "Route tables per VPC", 200, true, false},
		{"vpc", "L-1B52E74A", "Gateway VPC endpoints per Region", 20, true, false},
		{"vpc", "L-29B6F2EB", "Interface VPC endpoints per VPC", 50, true, false},
		{"vpc", "L-93826ACB", "Routes per route table", 500, true, false},
		{"vpc", "L-0EA8095F", "Inbound or outbound rules per security group", 60, true, false},
		{"vpc", "L-2AFB9258", "Security groups per network interface", 5, true, false},
		{"vpc", "L-DF5E4CA3", "Network interfaces per Region", 5000, true, false},
		{"vpc", "L-B4A6D682", "Network ACLs per VPC", 200, true, false},
		{"vpc", "L-83CA0A9D", "IPv4 CIDR blocks per VPC", 5, true, false},
		{"ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", 5, true, false},
		{"ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 1152, true, false},
		{"ec2", "L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 1152, true, false},
		{"elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", 50, true, false},
		{"elasticloadbalancing", "L-E9E9831D", "Classic Load Balancers per Region", 20, true, false},
		{"elasticloadbalancing", "L-B22855CB", "Target Groups per Region", 3000, true, false},
		{"elasticloadbalancing", "L-B6DF7632", "Listeners per Application Load Balancer", 50, true, false},
		{"elasticloadbalancing", "L-7E6692B2", "Targets per Application Load Balancer", 1000, true, false},
		{"elasticloadbalancing", "L-A0D0B863", "Targets per Target Group per Region", 1000, true, false},
		{"autoscaling", "L-CDE20ADC", "Auto Scaling groups per region", 500, true, false},
		{"autoscaling", "L-6B80B8FA", "Launch configurations per region", 200, true, false},
		{"ecs", "L-21C621EB", "Clusters per account", 10000, true, false},
		{"ecs", "L-9EF96962", "Services per cluster", 5000, true, false},
		{"iam", "L-FE177D64", "Roles per account", 1000, true, true},
		{"iam", "L-0DA4ABF3", "Managed policies per role", 10, true, true},
		{"iam", "L-E95E4862", "Customer managed policies per account", 1500, true, true},
		{"s3", "L-DC2B2D3D", "General purpose buckets", 10000, true, true},
	}
}

// DefaultQuota is what AWS grants for a quota code, and whether the simulated AWS knows the code.
func DefaultQuota(code string) (int, bool) {
	for _, k := range QuotaKinds() {
		if k.Code == code {
			return k.Default, true
		}
	}
	return 0, false
}

// Quota is the value that holds in the region: the raised one, or else AWS's default; 0 for an unknown code.
func (r *Region) Quota(code string) int {
	if v, ok := r.Quotas[code]; ok {
		return v
	}
	v, _ := DefaultQuota(code)
	return v
}

package check

// List prices in US dollars, us-east-1, June 2026 (Amazon VPC, AWS PrivateLink, Amazon CloudWatch, Amazon EC2 On-Demand and
// Amazon EBS pricing). A month has 730
// hours. Other regions cost up to twice as much; what matters here is the order of magnitude.
const (
	pricesOf        = "us-east-1, June 2026"
	gatewayMonthly  = 32.85 // a NAT gateway: $0.045 an hour
	addressMonthly  = 3.65  // its public IPv4 address: $0.005 an hour
	wayOutMonthly   = gatewayMonthly + addressMonthly
	gatewayPerGB    = 0.045 // what passes through it
	logStoreMonthly = 0.03  // a stored GB
	endpointMonthly = 7.30  // an interface endpoint in one zone: $0.01 an hour
	endpointPerGB   = 0.01  // what passes through it
	gp2Monthly      = 0.10  // a GiB of EBS
	gp3Monthly      = 0.08
	iopsMonthly     = 0.065 // one of io1 and io2, up to 32000
	// acceleratorMonthly is a g4dn.xlarge: $0.526 an hour.
	acceleratorMonthly = 384
	monthsOfTheYear    = 12
	daysOfTheYear      = 365
	mostDaysOfLogs     = 365 // what is kept longer is an archive
)

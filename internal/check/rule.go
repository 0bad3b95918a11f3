package check

// rule finds one kind of thing; All sets the code.
type rule struct {
	code string
	look func(Input) []Finding
}

// rules has a row for every code. A number never changes its meaning and is never used again.
func rules() []rule {
	return []rule{
		{"HA101", aloneInGroup},
		{"HA102", fewerThanZones},
		{"HA103", oneZone},
		{"HA104", twoZones},
		{"HA105", oneWayOut},
		{"HA106", emptyDefault},
		{"HA107", noRoom},
		{"HA108", oneSpotType},
		{"HA109", spotDefault},
		{"HA110", notEverywhere},
		{"HA111", littleMemory},
		{"HA112", halfAWay},
		{"HA113", cheapestPools},
		{"SEC201", openInClear},
		{"SEC202", keyPairs},
		{"SEC203", noFlowLogs},
		{"SEC204", noAccessLogs},
		{"SEC205", ownKeys},
		{"SEC206", sharedLogins},
		{"SEC207", openWalls},
		{"SEC208", oldTLS},
		{"SEC209", noExecLogs},
		{"COST301", gatewayCosts},
		{"COST302", longLogs},
		{"COST303", endpointCosts},
		{"COST304", dearKinds},
		{"COST305", largeContainers},
		{"NET603", closedNetwork},
		{"NET604", unwrittenFlowLog},
		{"NET605", letsNobodyIn},
		{"NET613", noWayOut},
		{"NET614", wrongTier},
		{"NET615", fewAddresses},
		{"NET616", moves},
		{"OPS401", outdated},
		{"OPS402", nobodyTold},
		{"OPS403", unconfirmed},
		{"OPS404", unprotected},
		{"OPS405", tooLarge},
		{"OPS406", keptPasswords},
		{"OPS407", deafQueues},
		{"OPS408", manyDeployers},
		{"OPS409", journalOnly},
		{"OPS410", unpinned},
		{"OPS411", zonalGateways},
		{"OPS412", unreachable},
		{"OPS413", onlyWatched},
		{"AMI501", unsupported},
		{"AMI502", newerImage},
		{"AMI503", unwatchedImage},
		{"AMI504", hiddenImage},
		{"AMI505", driverless},
	}
}

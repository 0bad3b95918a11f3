package check

import "fmt"

// longLogs starts beyond a year: incidents are looked into for weeks, and auditors ask for a year.
func longLogs(in Input) []Finding {
	days := in.Config.LogRetentionDays
	if days <= mostDaysOfLogs {
		return nil
	}
	whole := float64(days) / daysOfTheYear * monthsOfTheYear * logStoreMonthly
	return []Finding{in.at(Finding{
		Severity: Info,
		Text: fmt.Sprintf("logs are kept for %d days: a stored GB costs about $%.2f a month, $%.2f over that time (%s)",
			days, logStoreMonthly, whole, pricesOf),
		Fix: fmt.Sprintf("log_retention_days = %d, and S3 for what must stay longer", mostDaysOfLogs),
	}, "log_retention_days")}
}
